/** Derives {@code crd/remote.yaml} from the records. */
@NullMarked
package dev.slipway.crd.yaml;

import org.jspecify.annotations.NullMarked;
