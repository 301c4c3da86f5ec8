/** What people and machines are told about a push. */
@NullMarked
package dev.slipway.hooks.report;

import org.jspecify.annotations.NullMarked;
