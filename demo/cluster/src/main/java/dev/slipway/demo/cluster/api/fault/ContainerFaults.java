package dev.slipway.demo.cluster.api.fault;

import java.io.IOException;

/** What a test makes go wrong with the containers of a node. */
public interface ContainerFaults {
  /** Kills all processes of a running container, as {@code kill -9} on the node would. */
  void kill(String namespace, String pod, String container) throws IOException;

  /**
   * Kills the processes of all containers at once, as when the node's machine loses its power and
   * comes back: what shall go on running starts again, what runs only once has failed.
   */
  void killAll() throws IOException;

  /**
   * Rotates a container's log: streams that follow it end, and later ones begin with what is
   * printed from now on.
   */
  void rotateLog(String namespace, String pod, String container) throws IOException;
}
