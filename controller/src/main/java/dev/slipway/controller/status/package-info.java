/** What a Remote's author gets to see: URL, conditions, events. */
@NullMarked
package dev.slipway.controller.status;

import org.jspecify.annotations.NullMarked;
