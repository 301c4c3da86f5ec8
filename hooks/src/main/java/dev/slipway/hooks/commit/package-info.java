/** The files of a commit, read where they lie in the repository. */
@NullMarked
package dev.slipway.hooks.commit;

import org.jspecify.annotations.NullMarked;
