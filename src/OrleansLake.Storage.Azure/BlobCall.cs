using Azure;
using Azure.Storage.Blobs.Models;

namespace OrleansLake.Storage.Azure;

/// <summary>Requests of the Azure library, whose failures come out as a store's do.</summary>
internal static class BlobCall
{
    /// <summary>Returns the answer to a request that was tried until the library gave up.</summary>
    /// <exception cref="FileNotFoundException">There is no such blob.</exception>
    /// <exception cref="UnauthorizedAccessException">The account does not let us.</exception>
    /// <exception cref="IOException">Anything else; whether it had an effect is unknown.</exception>
    public static T Run<T>(string path, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            throw new FileNotFoundException($"{path} is not there", path, e);
        }
        catch (RequestFailedException e) when (e.Status is 401 or 403)
        {
            throw new UnauthorizedAccessException($"{path}: Azure Blob Storage refused it ({Reason(e)})", e);
        }
        catch (RequestFailedException e)
        {
            throw new IOException($"{path}: Azure Blob Storage failed ({Reason(e)})", e);
        }
        catch (CredentialException e)
        {
            throw new UnauthorizedAccessException($"{path}: the credential gave no token ({FirstLine(e.Message)})", e.InnerException);
        }
        catch (AggregateException e)
        {
            // Every try failed; the last one has the reason.
            throw new IOException($"{path}: Azure Blob Storage cannot be reached ({FirstLine(e.InnerExceptions[^1].Message)})", e);
        }
        catch (OperationCanceledException e)
        {
            throw new IOException($"{path}: Azure Blob Storage did not answer in time", e);
        }
    }

    /// <summary>Returns whether a creation found the name taken, maybe by itself: an answer that was lost made the library ask again.</summary>
    public static bool IsTaken(RequestFailedException e) =>
        e.Status == 412 || (e.Status == 409 && e.ErrorCode == BlobErrorCode.BlobAlreadyExists);

    /// <summary>Returns whether the container is not there yet.</summary>
    public static bool LacksContainer(RequestFailedException e) =>
        e.Status == 404 && e.ErrorCode == BlobErrorCode.ContainerNotFound;

    private static string Reason(RequestFailedException e) => e.ErrorCode ?? (e.Status == 0 ? FirstLine(e.Message) : $"{e.Status}");

    private static string FirstLine(string text) => text.AsSpan().Trim().IndexOfAny('\r', '\n') is > 0 and int end ? text.Trim()[..end] : text.Trim();
}
