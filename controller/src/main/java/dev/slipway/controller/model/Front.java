package dev.slipway.controller.model;

import java.util.Optional;

/**
 * The one entry of all Remotes, as the controller tells others of it.
 *
 * @param host what developers connect to, and Remotes show; empty where each shows its own Service
 * @param port of that host
 * @param hostKey public key as one line, by which developers know it
 * @param ca public key as one line, by which gitds know it
 */
public record Front(Optional<String> host, int port, String hostKey, String ca) {}
