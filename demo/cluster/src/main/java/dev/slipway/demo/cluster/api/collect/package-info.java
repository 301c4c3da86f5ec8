/** What goes away by itself: dependents of deleted owners, the content of deleted namespaces. */
@NullMarked
package dev.slipway.demo.cluster.api.collect;

import org.jspecify.annotations.NullMarked;
