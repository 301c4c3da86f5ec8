/** Services: their addresses, and which pods stand behind them. */
@NullMarked
package dev.slipway.demo.cluster.control.service;

import org.jspecify.annotations.NullMarked;
