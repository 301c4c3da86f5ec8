/** How many gitds a Remote has: gitd asks for none when it is idle, front for one. */
@NullMarked
package dev.slipway.gitd.scale;

import org.jspecify.annotations.NullMarked;
