package dev.slipway.controller.check;

/** The parts that make a Remote ready; each is a condition of the same name. */
public enum Topic {
  KeysAccepted,
  RegistryReady,
  TargetsFound,
  ImagesCurrent,
  BuildInputsFound,
  HooksReady,
  ManifestsAllowed,
  Supported,
  GitdAvailable
}
