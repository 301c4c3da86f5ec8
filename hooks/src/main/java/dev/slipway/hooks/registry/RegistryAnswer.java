package dev.slipway.hooks.registry;

/** What a registry says to the question whether one repository may be pushed to. */
sealed interface RegistryAnswer {

  /** A push would begin like this. */
  record Allowed() implements RegistryAnswer {}

  /**
   * The registry refuses, and would refuse a builder as well.
   *
   * @param words its own, one line
   */
  record Denied(String words) implements RegistryAnswer {}

  /** There is no such repository, and a push does not make it. */
  record NoRepository() implements RegistryAnswer {}

  /**
   * Nothing is known from here: a builder may reach what this process does not.
   *
   * @param why for the log
   */
  record Unknown(String why) implements RegistryAnswer {}
}
