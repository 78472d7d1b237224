namespace System.Reflection;

/// <summary>Version of the assembly.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class AssemblyVersionAttribute : Attribute
{
    public AssemblyVersionAttribute(string version)
    {
        Version = version;
    }

    public string Version { get; }
}

/// <summary>Version of the file.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class AssemblyFileVersionAttribute : Attribute
{
    public AssemblyFileVersionAttribute(string version)
    {
        Version = version;
    }

    public string Version { get; }
}

/// <summary>Version for people.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class AssemblyInformationalVersionAttribute : Attribute
{
    public AssemblyInformationalVersionAttribute(string informationalVersion)
    {
        InformationalVersion = informationalVersion;
    }

    public string InformationalVersion { get; }
}

/// <summary>Who made it.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class AssemblyCompanyAttribute : Attribute
{
    public AssemblyCompanyAttribute(string company)
    {
        Company = company;
    }

    public string Company { get; }
}

/// <summary>What it belongs to.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class AssemblyProductAttribute : Attribute
{
    public AssemblyProductAttribute(string product)
    {
        Product = product;
    }

    public string Product { get; }
}

/// <summary>What it is called.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class AssemblyTitleAttribute : Attribute
{
    public AssemblyTitleAttribute(string title)
    {
        Title = title;
    }

    public string Title { get; }
}

/// <summary>How it was built.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class AssemblyConfigurationAttribute : Attribute
{
    public AssemblyConfigurationAttribute(string configuration)
    {
        Configuration = configuration;
    }

    public string Configuration { get; }
}

/// <summary>What it is.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class AssemblyDescriptionAttribute : Attribute
{
    public AssemblyDescriptionAttribute(string description)
    {
        Description = description;
    }

    public string Description { get; }
}

/// <summary>Whose it is.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class AssemblyCopyrightAttribute : Attribute
{
    public AssemblyCopyrightAttribute(string copyright)
    {
        Copyright = copyright;
    }

    public string Copyright { get; }
}

/// <summary>Its trademark.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class AssemblyTrademarkAttribute : Attribute
{
    public AssemblyTrademarkAttribute(string trademark)
    {
        Trademark = trademark;
    }

    public string Trademark { get; }
}

/// <summary>Its culture.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class AssemblyCultureAttribute : Attribute
{
    public AssemblyCultureAttribute(string culture)
    {
        Culture = culture;
    }

    public string Culture { get; }
}

/// <summary>Whether its signature comes later.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class AssemblyDelaySignAttribute : Attribute
{
    public AssemblyDelaySignAttribute(bool delaySign)
    {
        DelaySign = delaySign;
    }

    public bool DelaySign { get; }
}

/// <summary>Where its key lies.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class AssemblyKeyFileAttribute : Attribute
{
    public AssemblyKeyFileAttribute(string keyFile)
    {
        KeyFile = keyFile;
    }

    public string KeyFile { get; }
}

/// <summary>Its signature key.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class AssemblySignatureKeyAttribute : Attribute
{
    public AssemblySignatureKeyAttribute(string publicKey, string countersignature)
    {
        PublicKey = publicKey;
        Countersignature = countersignature;
    }

    public string PublicKey { get; }

    public string Countersignature { get; }
}

/// <summary>Another name.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class AssemblyDefaultAliasAttribute : Attribute
{
    public AssemblyDefaultAliasAttribute(string defaultAlias)
    {
        DefaultAlias = defaultAlias;
    }

    public string DefaultAlias { get; }
}

/// <summary>A pair of key and value.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class AssemblyMetadataAttribute : Attribute
{
    public AssemblyMetadataAttribute(string key, string? value)
    {
        Key = key;
        Value = value;
    }

    public string Key { get; }

    public string? Value { get; }
}

/// <summary>The name of the indexer.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class DefaultMemberAttribute : Attribute
{
    public DefaultMemberAttribute(string memberName)
    {
        MemberName = memberName;
    }

    public string MemberName { get; }
}
