/** Hands the subtree of a commit that is not published yet to the pod that builds it. */
@NullMarked
package dev.slipway.hooks.context;

import org.jspecify.annotations.NullMarked;
