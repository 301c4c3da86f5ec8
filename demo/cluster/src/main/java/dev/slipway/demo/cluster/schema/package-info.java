/**
 * What the kinds of the API look like: their schemas, defaults, validation, decoding and OpenAPI
 * documents. Everything here is a pure function over Jackson trees; no argument is ever modified.
 */
@NullMarked
package dev.slipway.demo.cluster.schema;

import org.jspecify.annotations.NullMarked;
