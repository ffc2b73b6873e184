namespace VolunteerBook.Evidence.Checks;

/// <summary>What a file was recognised as.</summary>
public enum CheckedKind
{
    /// <summary>Nothing that we know.</summary>
    Unknown,

    /// <summary>A PDF: an extract or a certificate of hours.</summary>
    Pdf,

    /// <summary>A credential, VC-JWT.</summary>
    Credential,

    /// <summary>A compact JWS over something else: an organisation's confirmation.</summary>
    Jws,

    /// <summary>A detached CMS signature.</summary>
    Cms,
}
