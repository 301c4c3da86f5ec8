/** The one repository of this Remote, and reading from it. */
@NullMarked
package dev.slipway.gitd.repo;

import org.jspecify.annotations.NullMarked;
