@NullMarked
package dev.slipway.controller;

import org.jspecify.annotations.NullMarked;
