using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using VolunteerBook.Portal.Forms;
using VolunteerBook.Portal.Store;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Portal;

/// <summary>Roles that a token may carry.</summary>
public static class Roles
{
    /// <summary>May approve organisations.</summary>
    public const string Administrator = "administrator";
}
