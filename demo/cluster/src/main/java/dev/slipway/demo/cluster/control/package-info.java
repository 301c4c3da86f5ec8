/** The controllers of the control plane, as a client of the API and nothing more. */
@NullMarked
package dev.slipway.demo.cluster.control;

import org.jspecify.annotations.NullMarked;
