package dev.slipway.gitd.front;

import java.util.function.Function;

/**
 * How gitds are found, woken and asked.
 *
 * @param routes where a user name leads
 * @param waker asks for a gitd where there is none
 * @param metrics of those that were woken
 */
record Gitds(
    Function<String, Route> routes, Waker waker, Upstreams upstreams, FrontMetrics metrics) {}
