/** How the process is, over HTTP, and when it shall end. */
@NullMarked
package dev.slipway.gitd.health;

import org.jspecify.annotations.NullMarked;
