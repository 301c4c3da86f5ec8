/** A stand-in for Kaniko: its flags, its log lines and exit codes, with buildah doing the work. */
@NullMarked
package dev.slipway.demo.cluster.kaniko;

import org.jspecify.annotations.NullMarked;
