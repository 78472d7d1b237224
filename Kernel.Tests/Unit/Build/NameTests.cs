using System.Collections.Generic;
using System.Linq;
using HaukiOS.Build.Names;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Build;

/// <summary>The compiler's symbols read back, with this very assembly as the program.</summary>
[TestFixture]
internal sealed class NameTests
{
    private const string Here = "HaukiOS_Kernel_Tests_HaukiOS_Tests_Unit_Build_NameTests";

    private static readonly ManagedTypes Types =
        ManagedTypes.From([typeof(NameTests).Assembly.Location, typeof(object).Assembly.Location]);

    /// <summary>An enum with everything that is hard about them.</summary>
    internal enum Odd : short
    {
        Negative = -1,
        Zero = 0,
        AlsoZero = 0,
        High = 0x7FFF,
    }

    [TestCase(Here + "__Overloaded", "HaukiOS.Tests.Unit.Build.NameTests.Overloaded")]
    [TestCase(Here + "__Overloaded_0", "HaukiOS.Tests.Unit.Build.NameTests.Overloaded")]
    [TestCase(Here + "___ctor", "HaukiOS.Tests.Unit.Build.NameTests.ctor")]
    [TestCase(Here + "_Nested_1<Int32>__With__Underscores",
        "HaukiOS.Tests.Unit.Build.NameTests.Nested.With__Underscores<System.Int32>")]
    [TestCase("unbox_Int32__ToString", "System.Int32.ToString (unboxing)")]
    [TestCase("S_P_CoreLib_System_Collections_Generic_List_1<System___Canon>__Add",
        "System.Collections.Generic.List.Add<System.__Canon>")]
    [TestCase("RhpNewFast", "RhpNewFast")]
    public void A_symbol_reads_as_the_source_does(string symbol, string name)
    {
        Assert.That(new HumanNames(Types).Of(symbol), Is.EqualTo(name));
    }

    [TestCase("Int32", "System.Int32")]
    [TestCase("UInt8", "System.Byte")]
    [TestCase("__Array<__Array<String>>", "System.String[][]")]
    [TestCase("__MDArray<Int32,3>", "System.Int32[,,]")]
    [TestCase("S_P_CoreLib_System_Collections_Generic_Dictionary_2<String__" + Here + "_Odd>",
        "System.Collections.Generic.Dictionary`2[System.String,HaukiOS.Tests.Unit.Build.NameTests+Odd]")]
    [TestCase("S_P_CoreLib_System_Collections_Generic_List_1_Enumerator<" + Here + "_Nested_1<Int64>>",
        "System.Collections.Generic.List`1+Enumerator[HaukiOS.Tests.Unit.Build.NameTests+Nested`1[System.Int64]]")]
    [TestCase("S_P_CoreLib_System_Collections_Generic_List_1", "System.Collections.Generic.List`1[T]")]
    [TestCase("Nobody_Knows_This", null)]
    public void A_type_reads_as_reflection_says_it(string mangled, string? name)
    {
        Assert.That(MangledType.Read(Types, mangled), Is.EqualTo(name));
    }

    [Test]
    public void A_type_name_is_what_the_host_says_for_the_same_type()
    {
        Assert.That(
            MangledType.Read(Types, "S_P_CoreLib_System_Collections_Generic_Dictionary_2<Int32____Array<String>>"),
            Is.EqualTo(typeof(Dictionary<int, string[]>).ToString()));
    }

    [Test]
    public void Enum_values_are_by_value_without_sign_and_keep_their_order_among_equals()
    {
        EnumNames names = Types.Find(Here + "_Odd")!.Enum!;

        Assert.That(names.IsFlags, Is.False);
        Assert.That(names.Values, Is.EqualTo(new[]
        {
            (0ul, "Zero"), (0ul, "AlsoZero"), (0x7FFFul, "High"), (0xFFFFul, "Negative"),
        }));
    }

    [Test]
    public void Flags_are_known_as_flags()
    {
        Assert.That(Types.Find("S_P_CoreLib_System_AttributeTargets")!.Enum!.IsFlags);
    }

    private static int Overloaded(int a) => a;

    private static int Overloaded(string a) => a.Length + Overloaded(1);

    /// <summary>A generic type with a method that looks like a separator.</summary>
    internal sealed class Nested<T>
    {
        internal static int With__Underscores() => Overloaded(typeof(T).Name) + Enumerable.Empty<T>().Count();
    }
}
