using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;

namespace VolunteerBook.ServiceDefaults;

/// <summary>Data protection keys (cookies, antiforgery, sessions) under a master key, wherever they are kept.</summary>
public static class CookieKeys
{
    const string Purpose = "data-protection";

    public static IDataProtectionBuilder ProtectKeysWith(this IDataProtectionBuilder builder, MasterKey master)
    {
        builder.Services.AddSingleton(master);
        builder.Services.Configure<KeyManagementOptions>(options => options.XmlEncryptor = new Encryptor(master));
        return builder;
    }

    /// <summary>A stored key, in XML, with what is encrypted in it under the master key of now.</summary>
    public static string Rewrap(MasterKey master, string xml)
    {
        var key = XElement.Parse(xml);
        foreach (var secret in key.Descendants("protected").ToList())
        {
            secret.Value = Convert.ToBase64String(master.Rewrap(Convert.FromBase64String(secret.Value), Purpose));
        }

        return key.ToString(SaveOptions.DisableFormatting);
    }

    sealed class Encryptor(MasterKey master) : IXmlEncryptor
    {
        public EncryptedXmlInfo Encrypt(XElement plaintextElement) => new(
            new XElement("protected", Convert.ToBase64String(master.Protect(Encoding.UTF8.GetBytes(plaintextElement.ToString()), Purpose))),
            typeof(CookieKeyDecryptor));
    }

    /// <summary>Made by data protection itself, by the type's name that is stored beside each key: do not rename.</summary>
    public class CookieKeyDecryptor(IServiceProvider services) : IXmlDecryptor
    {
        public XElement Decrypt(XElement encryptedElement) => XElement.Parse(Encoding.UTF8.GetString(
            services.GetRequiredService<MasterKey>().Unprotect(Convert.FromBase64String(encryptedElement.Value), Purpose)));
    }
}
