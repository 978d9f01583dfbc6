using Microsoft.Extensions.Options;
using OrleansLake.Client.Http;

namespace OrleansLake.Client.Configuration;

/// <summary>Validates each client's options, when the application starts or the client is first asked for.</summary>
internal sealed class LakeHttpValidation(LakeClientNames names) : IValidateOptions<LakeHttpOptions>
{
    public ValidateOptionsResult Validate(string? name, LakeHttpOptions options)
    {
        if (!names.All.Contains(name ?? Options.DefaultName, StringComparer.Ordinal))
        {
            return ValidateOptionsResult.Skip;
        }

        string client = string.IsNullOrEmpty(name) ? "The lake client" : $"The lake client '{name}'";
        List<string> faults = [.. LakeHttpRules.FaultsOf(options).Select(fault => $"{client}: {fault.Option} {fault.Fault}.")];
        if (options.BaseAddress is null && !names.IsConfigured(name ?? Options.DefaultName))
        {
            faults.Add($"{client}: BaseAddress is missing; it is the lake's address, such as http://127.0.0.1:5080.");
        }

        return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }
}
