/** What the controller tells gitd: one document for one Remote, normalised and complete. */
@NullMarked
package dev.slipway.crd.gitd;

import org.jspecify.annotations.NullMarked;
