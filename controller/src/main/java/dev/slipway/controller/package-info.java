/** The operator: from a Remote to its gitd. */
@NullMarked
package dev.slipway.controller;

import org.jspecify.annotations.NullMarked;
