/** What the server says about itself: discovery, OpenAPI, version. */
@NullMarked
package dev.slipway.demo.cluster.api.discovery;

import org.jspecify.annotations.NullMarked;
