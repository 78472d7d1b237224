using System;
using System.Collections.Generic;

namespace HaukiOS.Conformance;

/// <summary>Casts, boxing, types and their names, enums.</summary>
public static class LanguageCasesTypes
{
    /// <summary>Adds this area's cases.</summary>
    public static void AddTo(Suite suite)
    {
        AddCasts(suite);
        AddBoxing(suite);
        AddNames(suite);
        AddEnums(suite);
    }

    private enum Colour
    {
        Red,
        Green = 5,
        Blue,
    }

    [Flags]
    private enum Rights : byte
    {
        None = 0,
        Read = 1,
        Write = 2,
        Both = 3,
        Run = 128,
    }

    private enum Signed : long
    {
        Low = long.MinValue,
        Minus = -1,
        High = long.MaxValue,
    }

    private static void AddCasts(Suite suite)
    {
        suite.Add("casts: up and down", () => ((Derived)(Base)new Derived()).ToString()!);
        suite.Add("casts: down to the wrong class", () => ((Derived)new Base()).ToString()!);
        suite.Add("casts: to an interface", () => ((IDisposable)(object)new Derived()).GetType().Name);
        suite.Add("casts: to a missing interface", () => ((IDisposable)(object)new Base()).ToString()!);
        suite.Add("casts: null to anything", () => ((Derived?)(object?)null == null).ToString());
        suite.Add("casts: as", () => (new Base() as Derived == null) + " " + (new Derived() as Base != null));
        suite.Add("casts: to a sealed class", () => ((string)(object)"s") + ((object)1 as string ?? "null"));
        // The compiler answers "no" to a cast to a type that the program never makes: so one is made.
        suite.Add("casts: delegate types", () =>
            (((object)(Func<string>)(() => "")) is Func<object>) + " " + ((Func<object>)(() => 1))());
        suite.Add("casts: array to object and Array", () =>
            ((object)new int[1] is Array) + " " + ((object)new int[1] is object[]));
        suite.Add("casts: string array to object array", () => ((object)new string[1] is object[]) + " "
            + ((object)new object[1] is string[]));
        suite.Add("casts: jagged array to array of objects", () => ((object)new int[1][] is object[]).ToString());
        suite.Add("casts: struct to its interfaces", () =>
            ((object)1 is IComparable<int>) + " " + ((object)1 is IComparable<long>));
        suite.Add("casts: many objects against many types", () =>
        {
            object[] objects = ["s", 1, 1L, new Derived(), new int[1], new List<int>(), Colour.Red, 'c', 1.5];
            int hits = 0;
            for (int round = 0; round < 50; round++)
            {
                foreach (object o in objects)
                    hits += (o is string ? 1 : 0) + (o is IComparable ? 2 : 0) + (o is Base ? 4 : 0)
                        + (o is IEnumerable<int> ? 8 : 0) + (o is ValueType ? 16 : 0) + (o is Enum ? 32 : 0);
            }
            return hits.ToString();
        });
        suite.Add("casts: type switch", () =>
            Kind(1) + Kind("s") + Kind(2.5) + Kind(new[] { 1 }) + Kind(null) + Kind('c'));
    }

    private static void AddBoxing(Suite suite)
    {
        suite.Add("boxing: there and back", () => ((int)(object)42).ToString());
        suite.Add("boxing: to another type", () => ((long)(object)42).ToString());
        suite.Add("boxing: null", () => ((int)(object)null!).ToString());
        suite.Add("boxing: an enum as its integer", () => ((int)(object)Colour.Blue).ToString());
        suite.Add("boxing: an integer as an enum", () => ((Colour)(object)5).ToString());
        suite.Add("boxing: an integer of another sign", () => ((uint)(object)5).ToString());
        suite.Add("boxing: copies", () =>
        {
            var point = new Point { X = 1 };
            object box = point;
            point.X = 2;
            return ((Point)box).X.ToString();
        });
        suite.Add("boxing: nullable with a value", () => ((object)(int?)5).GetType().Name);
        suite.Add("boxing: nullable without", () => ((object?)(int?)null == null).ToString());
        suite.Add("boxing: unboxing to nullable", () =>
            ((int?)(object?)7)!.Value + " " + ((int?)(object?)null).HasValue);
        suite.Add("boxing: unboxing to the wrong nullable", () => ((int?)(object)7L).ToString()!);
        suite.Add("boxing: equality of boxes", () =>
            ((object)1).Equals(1) + " " + ((object)1 == (object)1) + " " + ((object)1).Equals(1L));
        suite.Add("boxing: struct with references", () => ((Point)(object)new Point { X = 3, Name = "p" }).Name!);
        suite.Add("boxing: all scalars", () =>
        {
            object[] all = [(byte)1, (sbyte)-1, (short)-2, (ushort)2, -3, 3u, -4L, 4ul, 1.5f, 2.5, 'c', true];
            return string.Join(" ", all);
        });
    }

    private static void AddNames(Suite suite)
    {
        suite.Add("names: classes", () => typeof(Base).Name + " " + typeof(Base).FullName);
        suite.Add("names: ToString of an object", () => new object() + " " + new Plain());
        suite.Add("names: of scalars", () =>
            typeof(int) + " " + typeof(bool) + " " + typeof(string) + " " + typeof(double));
        suite.Add("names: of arrays", () =>
            typeof(int[]) + " " + new int[1, 1].GetType() + " " + typeof(string[][]).Name);
        suite.Add("names: of generic types", () =>
            new List<int>().GetType().Name + " " + new Dictionary<string, int>().GetType());
        suite.Add("names: of nested types", () => typeof(Point).Name + " " + typeof(Point));
        suite.Add("names: namespace", () => typeof(Base).Namespace + " " + typeof(string).Namespace);
        suite.Add("types: identity", () => (new Derived().GetType() == typeof(Derived)) + " "
            + (typeof(Base) == typeof(Derived)) + " " + ReferenceEquals(typeof(int), 5.GetType()));
        suite.Add("types: properties", () =>
            Facts(typeof(int)) + Facts(typeof(string)) + Facts(typeof(IDisposable)) + Facts(typeof(Colour))
            + Facts(typeof(int[])));
        suite.Add("types: base type", () => new Derived().GetType().BaseType!.Name + " " + 1.GetType().BaseType!.Name);
        suite.Add("types: assignable", () => typeof(Base).IsAssignableFrom(typeof(Derived)) + " "
            + typeof(Derived).IsAssignableFrom(typeof(Base)) + " " + typeof(object).IsAssignableFrom(typeof(int)));
        suite.Add("types: as keys", () =>
        {
            var names = new Dictionary<Type, string> { [typeof(int)] = "i", [typeof(string)] = "s" };
            return names[5.GetType()] + names["".GetType()];
        });
        suite.Add("names: of exceptions", () => new InvalidOperationException().GetType().FullName!);
    }

    private static void AddEnums(Suite suite)
    {
        suite.Add("enums: name", () => Colour.Green.ToString() + Show(Colour.Blue));
        suite.Add("enums: value without a name", () => Show((Colour)77));
        suite.Add("enums: flags", () =>
            Show(Rights.Read | Rights.Run) + " " + Show(Rights.Both) + " " + Show(Rights.None));
        suite.Add("enums: flags with an unknown bit", () => Show((Rights)64) + " " + Show((Rights)65));
        suite.Add("enums: signed 64 bits", () =>
            Show(Signed.Low) + " " + Show(Signed.Minus) + " " + Show((Signed)(-5)));
        suite.Add("enums: in interpolation", () => $"{Colour.Red} and {Rights.Write | Rights.Run:G}");
        suite.Add("enums: formats", () =>
            Colour.Green.ToString("D") + Colour.Green.ToString("X") + Rights.Run.ToString("x"));
        suite.Add("enums: parse", () => Show(Enum.Parse<Colour>("Blue")) + Enum.TryParse("blue", out Colour _)
            + Enum.TryParse("bLUE", true, out Colour c) + c + Enum.Parse<Rights>("Read, Run"));
        suite.Add("enums: parse a number", () => Show(Enum.Parse<Colour>("5")));
        suite.Add("enums: parse nonsense", () => Show(Enum.Parse<Colour>("Pink")));
        suite.Add("enums: is defined", () => Enum.IsDefined(Colour.Red) + " " + Enum.IsDefined((Colour)3));
        suite.Add("enums: all values", () =>
            string.Join(",", Enum.GetValues<Colour>()) + " " + string.Join(",", Enum.GetNames<Rights>()));
        suite.Add("enums: HasFlag", () => Rights.Both.HasFlag(Rights.Write) + " " + Rights.Read.HasFlag(Rights.Both));
        suite.Add("enums: compare", () =>
            Colour.Red.CompareTo(Colour.Blue) + " " + ((Enum)Signed.Low).CompareTo(Signed.High));
        suite.Add("enums: equality boxed", () =>
            ((object)Colour.Red).Equals(Colour.Red) + " " + ((object)Colour.Red).Equals(0));
        suite.Add("enums: as keys", () =>
        {
            var names = new Dictionary<Colour, string> { [Colour.Red] = "r", [Colour.Blue] = "b" };
            return names[Colour.Blue] + names.ContainsKey(Colour.Green);
        });
        suite.Add("enums: switch", () => Colour.Blue switch { Colour.Red => "r", Colour.Blue => "b", _ => "?" });
        suite.Add("enums: arithmetic", () => Show(Colour.Green + 1) + (Colour.Blue - Colour.Green));
    }

    private static string Facts(Type type) =>
        (type.IsValueType ? "v" : "") + (type.IsClass ? "c" : "") + (type.IsInterface ? "i" : "")
        + (type.IsEnum ? "e" : "") + (type.IsArray ? "a" : "") + (type.IsPrimitive ? "p" : "") + " ";

    private static string Show<T>(T value) where T : struct, Enum => value.ToString();

    private static string Kind(object? o) => o switch
    {
        int n when n > 0 => "positive ",
        int => "int ",
        string { Length: 1 } => "letter ",
        string => "text ",
        double d => "double" + d + " ",
        int[] and [var only] => "only" + only + " ",
        null => "null ",
        _ => o.GetType().Name,
    };

    private class Base
    {
        public override string ToString() => "base";
    }

    private sealed class Derived : Base, IDisposable
    {
        public void Dispose()
        {
        }

        public override string ToString() => "derived";
    }

    private sealed class Plain;

    private struct Point
    {
        internal int X;
        internal string? Name;
    }
}
