namespace System.Runtime.Versioning;

/// <summary>What the assembly was compiled for.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class TargetFrameworkAttribute : Attribute
{
    public TargetFrameworkAttribute(string frameworkName)
    {
        FrameworkName = frameworkName;
    }

    public string FrameworkName { get; }

    public string? FrameworkDisplayName { get; set; }
}

/// <summary>Where an API works.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class SupportedOSPlatformAttribute : Attribute
{
    public SupportedOSPlatformAttribute(string platformName)
    {
        PlatformName = platformName;
    }

    public string PlatformName { get; }
}

/// <summary>Where an API does not work.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class UnsupportedOSPlatformAttribute : Attribute
{
    public UnsupportedOSPlatformAttribute(string platformName)
    {
        PlatformName = platformName;
    }

    public UnsupportedOSPlatformAttribute(string platformName, string? message)
    {
        PlatformName = platformName;
        Message = message;
    }

    public string? PlatformName { get; }

    public string? Message { get; }
}

/// <summary>A check for where an API works.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class SupportedOSPlatformGuardAttribute : Attribute
{
    public SupportedOSPlatformGuardAttribute(string platformName)
    {
        PlatformName = platformName;
    }

    public string PlatformName { get; }
}

/// <summary>A check for where an API does not work.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class UnsupportedOSPlatformGuardAttribute : Attribute
{
    public UnsupportedOSPlatformGuardAttribute(string platformName)
    {
        PlatformName = platformName;
    }

    public string PlatformName { get; }
}

/// <summary>The platform the assembly was compiled for.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class TargetPlatformAttribute : Attribute
{
    public TargetPlatformAttribute(string platformName)
    {
        PlatformName = platformName;
    }

    public string PlatformName { get; }
}

/// <summary>Needs a preview.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class RequiresPreviewFeaturesAttribute : Attribute
{
    public RequiresPreviewFeaturesAttribute()
    {
    }

    public RequiresPreviewFeaturesAttribute(string? message)
    {
        Message = message;
    }

    public string? Message { get; }

    public string? Url { get; set; }
}

/// <summary>The body never changes.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class NonVersionableAttribute : Attribute
{
}
