using System;

namespace HaukiOS.Conformance;

/// <summary>Classes: construction, virtual methods, hiding, operators, properties, records.</summary>
public static class LanguageCasesObjects
{
    /// <summary>Adds this area's cases.</summary>
    public static void AddTo(Suite suite)
    {
        AddConstruction(suite);
        AddVirtualMethods(suite);
        AddMembers(suite);
        AddRecords(suite);
    }

    private static void AddConstruction(Suite suite)
    {
        suite.Add("objects: field initialisers run before the base constructor", () =>
        {
            Trace.Text = "";
            _ = new TracedDerived();
            return Trace.Text;
        });
        suite.Add("objects: a constructor calls another of its class", () => new Chained(3).Text);
        suite.Add("objects: a virtual call in the base constructor reaches the override", () => new CallsEarly().Seen);
        suite.Add("objects: object initialiser", () => new Chained(1) { Extra = "x" }.Extra + "!");
        suite.Add("objects: required members", () => new HasRequired { Name = "a", Count = 2 }.ToString());
        suite.Add("objects: primary constructor captures its parameter", () => new Primary(5).Twice().ToString());
        suite.Add("objects: default values of fields", () => new Zeroed().ToString());
        suite.Add("objects: two objects are not the same", () =>
            ReferenceEquals(new object(), new object()).ToString());
        suite.Add("objects: equality by reference is the default", () =>
        {
            var o = new object();
            return o.Equals(o) + " " + o.Equals(new object()) + " " + Equals(null, null) + " " + Equals(o, null);
        });
        suite.Add("objects: hash codes do not change", () =>
        {
            var o = new object();
            return (o.GetHashCode() == o.GetHashCode()).ToString();
        });
        suite.Add("objects: memberwise clone is shallow", () =>
        {
            var original = new Cloned { Number = 1, Shared = [1] };
            Cloned copy = original.Copy();
            copy.Number = 2;
            copy.Shared[0] = 9;
            return original.Number + " " + original.Shared[0];
        });
        suite.Add("objects: calling a method of null", () => ((Primary)null!).Twice().ToString());
        suite.Add("objects: reading a field of null", () => ((Cloned)null!).Number.ToString());
        suite.Add("objects: writing a field of null", () =>
        {
            ((Cloned)null!).Number = 1;
            return "unreached";
        });
        suite.Add("objects: null conditional", () =>
            (((Chained?)null)?.Text ?? "none") + (new Chained(1)?.Text ?? "none"));
    }

    private static void AddVirtualMethods(Suite suite)
    {
        suite.Add("objects: virtual call through the base", () => Make(1).Speak() + Make(2).Speak() + Make(3).Speak());
        suite.Add("objects: base call", () => new Loud().SpeakTwice());
        suite.Add("objects: hiding is not overriding", () => ((Animal)new Hiding()).Speak() + new Hiding().Speak());
        suite.Add("objects: sealed override", () => ((Animal)new Quiet()).Speak());
        suite.Add("objects: abstract method", () => new Square(3).Area() + new Circle(2).Area().ToString());
        suite.Add("objects: covariant return", () => ((Shape)new Square(4)).Doubled().Area().ToString());
        suite.Add("objects: overloads are chosen by static type", () =>
            Over((object)"s") + Over("s") + Over(1) + Over(1L));
        suite.Add("objects: optional and named arguments", () => Optional() + Optional(b: 5) + Optional(1, 2));
        suite.Add("objects: params array", () => Sum() + " " + Sum(1) + " " + Sum(1, 2, 3));
        suite.Add("objects: params span", () => SumSpan(1, 2, 3, 4).ToString());
        suite.Add("objects: ref, out and in", () =>
        {
            int a = 1;
            Change(ref a, out int b, in a);
            return a + " " + b;
        });
        suite.Add("objects: ref return", () =>
        {
            int[] numbers = [1, 2, 3];
            Find(numbers, 2) = 20;
            return string.Join(",", numbers);
        });
        suite.Add("objects: ref local into a field", () =>
        {
            var o = new Cloned();
            ref int field = ref o.Number;
            field = 7;
            GC.Collect();
            field++;
            return o.Number.ToString();
        });
        suite.Add("objects: many arguments", () => Many(1, 2L, 3, 4.5, 5, 6f, "7", 8));
        suite.Add("objects: recursion", () => Ackermann(2, 5).ToString());
        suite.Add("objects: tail of mutual recursion", () => IsEven(1001).ToString());
    }

    private static void AddMembers(Suite suite)
    {
        suite.Add("objects: properties", () =>
        {
            var o = new Members { Clamped = 500 };
            o.Clamped -= 10;
            return o.Clamped.ToString();
        });
        suite.Add("objects: field keyword", () => new Members { Trimmed = "  x " }.Trimmed);
        suite.Add("objects: indexers", () =>
        {
            var o = new Members();
            o[2] = 5;
            o["k"] = 6;
            return o[2] + " " + o["k"];
        });
        suite.Add("objects: operators", () => (new Money(3) + new Money(4) * 2 - -new Money(1)).ToString());
        suite.Add("objects: comparison operators", () =>
            (new Money(1) < new Money(2)) + " " + (new Money(1) >= new Money(2)));
        suite.Add("objects: conversions", () => ((int)(Money)5L + 1).ToString());
        suite.Add("objects: increment operator", () =>
        {
            var m = new Money(1);
            Money old = m++;
            return old + " " + m;
        });
        suite.Add("objects: deconstruction", () =>
        {
            (int a, string b) = new Members();
            return a + b;
        });
        suite.Add("objects: extension method", () => "hauki".Shout() + new Money(2).Twice());
        suite.Add("objects: nested classes see private members", () => new Members.Peeker().Peek(new Members()));
        suite.Add("objects: local function with capture", () =>
        {
            int n = 3;
            int Add(int x) => x + n;
            n = 4;
            return Add(1).ToString();
        });
        suite.Add("objects: using declarations end in reverse", () =>
        {
            Trace.Text = "";
            {
                using var a = new Closing("a");
                using var b = new Closing("b");
                Trace.Text += "body ";
            }
            return Trace.Text;
        });
        suite.Add("objects: lock and unlock", () =>
        {
            var o = new object();
            lock (o)
            {
                lock (o)
                    return System.Threading.Monitor.IsEntered(o).ToString();
            }
        });
        suite.Add("objects: unlocking what is not locked", () =>
        {
            System.Threading.Monitor.Exit(new object());
            return "unreached";
        });
    }

    private static void AddRecords(Suite suite)
    {
        suite.Add("records: printing", () => new Person("Ada", 36).ToString());
        suite.Add("records: equality by value", () => (new Person("A", 1) == new Person("A", 1)) + " "
            + new Person("A", 1).Equals(new Person("B", 1)));
        suite.Add("records: equal ones have equal hash codes", () =>
            (new Person("A", 1).GetHashCode() == new Person("A", 1).GetHashCode()).ToString());
        suite.Add("records: with", () => (new Person("A", 1) with { Age = 2 }).ToString());
        suite.Add("records: derived records differ from their base", () =>
            new Person("A", 1).Equals(new Employee("A", 1, "x")).ToString() + new Employee("A", 1, "x"));
        suite.Add("records: struct record", () => new Point(1, 2) + " " + (new Point(1, 2) == new Point(1, 2)));
        suite.Add("records: positional pattern", () => new Person("Ada", 36) is (_, > 30) ? "old" : "young");
    }

    private static Animal Make(int kind) => kind switch { 1 => new Animal(), 2 => new Loud(), _ => new Quiet() };

    private static string Over(object o) => "o";

    private static string Over(string s) => "s";

    private static string Over(int i) => "i";

    private static string Over(long l) => "l";

    private static string Optional(int a = 10, int b = 20) => a + "/" + b + " ";

    private static int Sum(params int[] numbers)
    {
        int sum = 0;
        foreach (int n in numbers)
            sum += n;
        return sum;
    }

    private static int SumSpan(params ReadOnlySpan<int> numbers)
    {
        int sum = 0;
        foreach (int n in numbers)
            sum += n;
        return sum;
    }

    private static void Change(ref int a, out int b, in int c)
    {
        a += 5;
        b = c * 2;
    }

    private static ref int Find(int[] numbers, int wanted)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            if (numbers[i] == wanted)
                return ref numbers[i];
        }
        throw new InvalidOperationException();
    }

    private static string Many(int a, long b, byte c, double d, short e, float f, string g, ulong h) =>
        a + "," + b + "," + c + "," + d + "," + e + "," + f + "," + g + "," + h;

    private static int Ackermann(int m, int n) =>
        m == 0 ? n + 1 : n == 0 ? Ackermann(m - 1, 1) : Ackermann(m - 1, Ackermann(m, n - 1));

    private static bool IsEven(int n) => n == 0 || IsOdd(n - 1);

    private static bool IsOdd(int n) => n != 0 && IsEven(n - 1);

    private static class Trace
    {
        internal static string Text = "";

        internal static int Add(string text)
        {
            Text += text + " ";
            return 0;
        }
    }

    private class TracedBase
    {
        private readonly int first = Trace.Add("base-field");

        internal TracedBase() => Trace.Add("base-constructor" + first);
    }

    private sealed class TracedDerived : TracedBase
    {
        private readonly int second = Trace.Add("derived-field");

        internal TracedDerived() => Trace.Add("derived-constructor" + second);
    }

    private sealed class Chained
    {
        internal readonly string Text;

        internal Chained(int n)
            : this(new string('c', n), "!")
        {
        }

        private Chained(string a, string b) => Text = a + b;

        internal string Extra { get; init; } = "";
    }

    private abstract class CallsVirtual
    {
        protected CallsVirtual() => Seen = Name();

        internal string Seen { get; }

        protected abstract string Name();
    }

    private sealed class CallsEarly : CallsVirtual
    {
        private readonly string initialised = "early";
        private readonly string assigned;

        internal CallsEarly() => assigned = "late";

        protected override string Name() => initialised + (assigned ?? "(null)");
    }

    private sealed class HasRequired
    {
        internal required string Name { get; init; }

        internal required int Count { get; init; }

        public override string ToString() => Name + Count;
    }

    private sealed class Primary(int n)
    {
        internal int Twice() => n * 2;
    }

#pragma warning disable CS0649 // nothing is assigned: that is the case
    private sealed class Zeroed
    {
        private readonly int number;
        private readonly string? text;
        private readonly double real;
        private readonly bool flag;
        private readonly char character;

        public override string ToString() => number + (text ?? "null") + real + flag + (int)character;
    }
#pragma warning restore CS0649

    private sealed class Cloned
    {
        internal int Number;
        internal int[] Shared = [];

        internal Cloned Copy() => (Cloned)MemberwiseClone();
    }

    private class Animal
    {
        internal virtual string Speak() => "hm ";
    }

    private class Loud : Animal
    {
        internal override string Speak() => "WUFF ";

        internal string SpeakTwice() => base.Speak() + Speak();
    }

    private sealed class Quiet : Loud
    {
        internal sealed override string Speak() => "... ";
    }

    private sealed class Hiding : Loud
    {
        internal new string Speak() => "hidden ";
    }

    private abstract class Shape
    {
        internal abstract int Area();

        internal abstract Shape Doubled();
    }

    private sealed class Square(int side) : Shape
    {
        internal override int Area() => side * side;

        internal override Square Doubled() => new(side * 2);
    }

    private sealed class Circle(int radius) : Shape
    {
        internal override int Area() => 3 * radius * radius;

        internal override Circle Doubled() => new(radius * 2);
    }

    private sealed class Members
    {
        private readonly int[] numbers = new int[4];
        private readonly string secret = "secret";
        private int clamped;

        internal int Clamped
        {
            get => clamped;
            set => clamped = value > 100 ? 100 : value;
        }

        internal string Trimmed
        {
            get;
            set => field = value.Trim();
        } = "";

        internal int this[int index]
        {
            get => numbers[index];
            set => numbers[index] = value;
        }

        internal int this[string key]
        {
            get => numbers[key.Length];
            set => numbers[key.Length] = value;
        }

        public void Deconstruct(out int a, out string b)
        {
            a = 1;
            b = "two";
        }

        internal sealed class Peeker
        {
            internal string Peek(Members members) => members.secret;
        }
    }

    private sealed class Closing(string name) : IDisposable
    {
        public void Dispose() => Trace.Add("close-" + name);
    }

    private record Person(string Name, int Age);

    private sealed record Employee(string Name, int Age, string Job) : Person(Name, Age);

    private readonly record struct Point(int X, int Y);
}

/// <summary>A value with every kind of operator.</summary>
internal readonly struct Money(int amount)
{
    private readonly int amount = amount;

    public static Money operator +(Money a, Money b) => new(a.amount + b.amount);

    public static Money operator -(Money a, Money b) => new(a.amount - b.amount);

    public static Money operator -(Money a) => new(-a.amount);

    public static Money operator *(Money a, int factor) => new(a.amount * factor);

    public static Money operator ++(Money a) => new(a.amount + 1);

    public static bool operator <(Money a, Money b) => a.amount < b.amount;

    public static bool operator >(Money a, Money b) => a.amount > b.amount;

    public static bool operator <=(Money a, Money b) => a.amount <= b.amount;

    public static bool operator >=(Money a, Money b) => a.amount >= b.amount;

    public static implicit operator Money(long amount) => new((int)amount);

    public static explicit operator int(Money money) => money.amount;

    public override string ToString() => amount + "c";
}

/// <summary>Methods for other people's types.</summary>
internal static class LanguageExtensions
{
    internal static string Shout(this string text) => text + "! ";

    internal static string Twice(this Money money) => (money * 2).ToString();
}
