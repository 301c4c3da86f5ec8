/** The SSH server: algorithms, authentication, channels and the few commands on offer. */
@NullMarked
package dev.slipway.gitd.ssh;

import org.jspecify.annotations.NullMarked;
