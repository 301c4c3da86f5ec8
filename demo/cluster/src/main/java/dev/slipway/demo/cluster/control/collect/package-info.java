/** What a real API server leaves to the controller manager: dependents and namespaces that go. */
@NullMarked
package dev.slipway.demo.cluster.control.collect;

import org.jspecify.annotations.NullMarked;
