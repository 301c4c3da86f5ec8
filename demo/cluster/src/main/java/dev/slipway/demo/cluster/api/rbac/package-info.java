/** Who may do what, by Roles and their bindings. */
@NullMarked
package dev.slipway.demo.cluster.api.rbac;

import org.jspecify.annotations.NullMarked;
