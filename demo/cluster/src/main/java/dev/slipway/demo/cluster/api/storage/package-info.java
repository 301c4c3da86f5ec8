/** Objects in memory with one global revision, and the log that watches resume from. */
@NullMarked
package dev.slipway.demo.cluster.api.storage;

import org.jspecify.annotations.NullMarked;
