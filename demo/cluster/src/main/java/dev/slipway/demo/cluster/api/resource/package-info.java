/** The verbs on resources: get, list, watch, create, update, patch, delete. */
@NullMarked
package dev.slipway.demo.cluster.api.resource;

import org.jspecify.annotations.NullMarked;
