namespace OrleansLake.Storage.Azure;

/// <summary>An application's credential gave no token, whatever its library throws then.</summary>
internal sealed class CredentialException(Exception reason) : Exception(reason.Message, reason);
