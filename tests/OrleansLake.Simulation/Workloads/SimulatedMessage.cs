using OrleansLake.Testing;

namespace OrleansLake.Simulation.Workloads;

/// <summary>A message that is sent, and the text by which it is known again.</summary>
/// <param name="Value">A value that no other message has.</param>
/// <param name="Fields">All else.</param>
public sealed record SimulatedMessage(string Value, Message Fields);
