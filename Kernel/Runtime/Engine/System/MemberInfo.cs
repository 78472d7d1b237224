namespace System.Reflection;

/// <summary>Something that has a name. The metal has no reflection beyond the names of types.</summary>
public abstract class MemberInfo
{
    /// <summary>The name, without namespace.</summary>
    public abstract string Name { get; }
}
