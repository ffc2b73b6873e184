namespace VolunteerBook.ServiceDefaults;

/// <summary>Something that a service keeps encrypted under its master key.</summary>
public interface IUnderTheMasterKey
{
    /// <summary>
    /// Encrypts all of it anew, in one transaction, under the key of now, whichever of the keys that are read it was under; the answer is how much that is.
    /// </summary>
    Task<int> RewrapAsync(CancellationToken ct);
}
