/** What a push means: plan, build, deploy, report. */
@NullMarked
package dev.slipway.hooks;

import org.jspecify.annotations.NullMarked;
