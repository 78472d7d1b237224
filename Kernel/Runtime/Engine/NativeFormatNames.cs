namespace Internal.Metadata.NativeFormat;

// The compiler looks these names up while it decides about the metadata of attributes. Nothing is ever called.

internal struct TypeDefinition
{
    public int CustomAttributes => 0;
}

internal struct Method
{
    public int CustomAttributes => 0;
}

internal struct Field
{
    public int CustomAttributes => 0;
}

internal struct Property
{
    public int CustomAttributes => 0;
}

internal struct Event
{
    public int CustomAttributes => 0;
}

internal struct Parameter
{
    public int CustomAttributes => 0;
}

internal struct GenericParameter
{
    public int CustomAttributes => 0;
}

internal struct ScopeDefinition
{
    public int CustomAttributes => 0;

    public int ModuleCustomAttributes => 0;
}
