package dev.slipway.crd.gitd;

/**
 * Where an image is set.
 *
 * @param container name of a container or init container in the pod template
 */
public record Place(Workload workload, String container) {}
