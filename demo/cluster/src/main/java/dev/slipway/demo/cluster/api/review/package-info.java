/** Kinds that are questions to the server: who am I, may I, whose token is this. */
@NullMarked
package dev.slipway.demo.cluster.api.review;

import org.jspecify.annotations.NullMarked;
