namespace System.Runtime.InteropServices;

/// <summary>Data goes in; also the modifier of <c>in</c> parameters.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class InAttribute : Attribute
{
}

/// <summary>Data comes out.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class OutAttribute : Attribute
{
}

/// <summary>May be left out.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class OptionalAttribute : Attribute
{
}

/// <summary>Seen by COM (there is none).</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class ComVisibleAttribute : Attribute
{
    public ComVisibleAttribute(bool visibility)
    {
        Visibility = visibility;
    }

    public bool Visibility { get; }
}

/// <summary>Identity for COM (there is none).</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class GuidAttribute : Attribute
{
    public GuidAttribute(string guid)
    {
        Guid = guid;
    }

    public string Guid { get; }
}

/// <summary>Place of a field.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class FieldOffsetAttribute : Attribute
{
    public FieldOffsetAttribute(int offset)
    {
        Offset = offset;
    }

    public int Offset { get; }
}

/// <summary>Value of an argument left out.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class DefaultParameterValueAttribute : Attribute
{
    public DefaultParameterValueAttribute(object? value)
    {
        Value = value;
    }

    public object? Value { get; }
}

/// <summary>The signature is native.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class PreserveSigAttribute : Attribute
{
}

/// <summary>Called from native code only.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class UnmanagedCallersOnlyAttribute : Attribute
{
    public Type[]? CallConvs;
    public string? EntryPoint;
}

/// <summary>How a value goes to native code.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class MarshalAsAttribute : Attribute
{
    public MarshalAsAttribute(UnmanagedType unmanagedType)
    {
        UnmanagedType = unmanagedType;
    }

    public UnmanagedType UnmanagedType { get; }

    public int SizeConst { get; set; }
}

/// <summary>A native function; the house has none.</summary>
[AttributeUsage(AttributeTargets.All, AllowMultiple = true, Inherited = false)]
public sealed class DllImportAttribute : Attribute
{
    public DllImportAttribute(string dllName)
    {
        DllName = dllName;
    }

    public string DllName { get; }

    public string? EntryPoint;
}

/// <summary>How fields are laid out.</summary>
public enum LayoutKind
{
    Sequential = 0,
    Extended = 1,
    Explicit = 2,
    Auto = 3,
}

/// <summary>Characters of native strings.</summary>
public enum CharSet
{
    None = 1,
    Ansi = 2,
    Unicode = 3,
    Auto = 4,
}

/// <summary>Forms of values in native code.</summary>
public enum UnmanagedType
{
    Bool = 2,
    I1 = 3,
    U1 = 4,
    I2 = 5,
    U2 = 6,
    I4 = 7,
    U4 = 8,
    I8 = 9,
    U8 = 10,
    ByValArray = 30,
}

/// <summary>Layout of the fields of a type.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class StructLayoutAttribute : Attribute
{
    public int Pack;
    public int Size;
    public CharSet CharSet;

    public StructLayoutAttribute(LayoutKind layoutKind)
    {
        Value = layoutKind;
    }

    public StructLayoutAttribute(short layoutKind)
    {
        Value = (LayoutKind)layoutKind;
    }

    public LayoutKind Value { get; }
}
