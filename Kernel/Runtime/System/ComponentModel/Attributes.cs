namespace System.ComponentModel;

/// <summary>Whether editors show it.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class EditorBrowsableAttribute : Attribute
{
    public EditorBrowsableAttribute(EditorBrowsableState state)
    {
        State = state;
    }

    public EditorBrowsableState State { get; }
}

/// <summary>The value it starts with.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class DefaultValueAttribute : Attribute
{
    public DefaultValueAttribute(object? value)
    {
        Value = value;
    }

    public object? Value { get; }
}

/// <summary>Whether editors show it.</summary>
public enum EditorBrowsableState
{
    Always = 0,
    Never = 1,
    Advanced = 2,
}
