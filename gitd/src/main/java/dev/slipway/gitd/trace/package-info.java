/** What collectors of traces are told, where one is configured. */
@NullMarked
package dev.slipway.gitd.trace;

import org.jspecify.annotations.NullMarked;
