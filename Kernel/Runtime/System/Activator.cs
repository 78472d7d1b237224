using System.Runtime;
using System.Runtime.CompilerServices;
using Internal.Runtime;

namespace System;

/// <summary>
/// Makes objects of a type parameter: what C# means by <c>new T()</c>. The compiler fills in the address of the
/// constructor, or that of <see cref="MissingConstructorMethod"/> if there is none.
/// </summary>
public static unsafe class Activator
{
    [Intrinsic]
    public static T CreateInstance<T>()
    {
        nint constructor = DefaultConstructorOf<T>();
        bool missing = constructor == (nint)(delegate*<void>)&MissingConstructorMethod;
        if (typeof(T).IsValueType)
        {
            T value = default!;
            if (!missing)
            {
                ((delegate*<ref T, void>)constructor)(ref value);
            }

            return value;
        }

        if (missing)
        {
            throw new MissingMethodException("Cannot dynamically create an instance of type '" + typeof(T)
                + "'. Reason: No parameterless constructor defined.");
        }

        object made = RuntimeExports.RhNewObject(MethodTable.Of<T>());
        ((delegate*<object, void>)constructor)(made);
        return Unsafe.As<object, T>(ref made);
    }

    [Intrinsic]
    private static nint DefaultConstructorOf<T>() => DefaultConstructorOf<T>();

    // Its body must be like no other one, or the compiler folds the two and their addresses are equal.
    private static void MissingConstructorMethod() => throw new MissingMethodException("There is no constructor.");
}
