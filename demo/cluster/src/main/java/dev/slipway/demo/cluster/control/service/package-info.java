/** Which pods stand behind Services. */
@NullMarked
package dev.slipway.demo.cluster.control.service;

import org.jspecify.annotations.NullMarked;
