using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace VolunteerBook.Identity;

/// <summary>
/// Data protection keys (cookies, antiforgery) in the database, under the master key, so that a restart and a second instance
/// read the same cookies.
/// </summary>
public static class CookieKeys
{
    const string Purpose = "data-protection";

    public static void AddCookieKeys(this WebApplicationBuilder builder, MasterKey master)
    {
        builder.Services.AddSingleton(master);
        builder.Services.AddDataProtection().SetApplicationName("volunteerbook-identity").PersistKeysToDbContext<IdentityStore>();
        builder.Services.Configure<KeyManagementOptions>(options => options.XmlEncryptor = new Encryptor(master));
    }

    sealed class Encryptor(MasterKey master) : IXmlEncryptor
    {
        public EncryptedXmlInfo Encrypt(XElement plaintextElement) => new(
            new XElement("protected", Convert.ToBase64String(master.Protect(Encoding.UTF8.GetBytes(plaintextElement.ToString()), Purpose))),
            typeof(CookieKeyDecryptor));
    }

    /// <summary>Made by data protection itself, by the type's name that is stored beside each key: do not rename.</summary>
    public sealed class CookieKeyDecryptor(IServiceProvider services) : IXmlDecryptor
    {
        public XElement Decrypt(XElement encryptedElement) => XElement.Parse(Encoding.UTF8.GetString(
            services.GetRequiredService<MasterKey>().Unprotect(Convert.FromBase64String(encryptedElement.Value), Purpose)));
    }
}
