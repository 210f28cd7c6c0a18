import functools, itertools, collections, re, math, copy, inspect, operator, enum, dataclasses, typing, abc, types, sys, os, string, warnings, logging, numbers, random, time
from functools import partial, reduce, lru_cache, wraps, cached_property, total_ordering
from collections import OrderedDict, defaultdict, Counter, namedtuple, deque, ChainMap
from dataclasses import dataclass, field, asdict, astuple, replace, fields, is_dataclass
from enum import Enum, IntEnum, auto, Flag
print(reduce(lambda a, b: a * b, [1, 2, 3, 4]), reduce(operator.mul, [1, 2, 3], 10), partial(pow, 2)(5), partial(int, base=2)('101'))
p = partial(lambda a, b, c=0: (a, b, c), 1, c=5); print(p(2), p.func.__name__, p.args, p.keywords, partial(p, c=6)(3))
calls = []
@lru_cache(maxsize=None)
def fib(n): calls.append(n); return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(20), len(calls))
class CP:
    @cached_property
    def v(self): calls.append('v'); return 7
c = CP(); print(c.v, c.v, calls.count('v'))
print(list(itertools.chain([1], (2,), 'a')), list(itertools.chain.from_iterable([[1], [2]])), list(itertools.product([1, 2], 'ab')), list(itertools.product([0, 1], repeat=2)), list(itertools.permutations([1, 2, 3], 2)), list(itertools.combinations('abc', 2)), list(itertools.repeat(1, 3)), list(itertools.accumulate([1, 2, 3])), list(itertools.islice(itertools.count(5, 2), 3)), list(itertools.zip_longest([1], [2, 3], fillvalue=0)), [(k, list(g)) for k, g in itertools.groupby('aab')], list(itertools.takewhile(lambda x: x < 2, [1, 2, 1])), list(itertools.dropwhile(lambda x: x < 2, [1, 2, 1])), list(itertools.starmap(pow, [(2, 3)])), list(itertools.islice('abcdef', 1, 5, 2)), list(itertools.islice(itertools.cycle('ab'), 3)))
if hasattr(itertools, 'pairwise'): print(list(itertools.pairwise([1, 2, 3])))
od = OrderedDict(a=1); od['b'] = 2; od.move_to_end('a'); print(od, list(od), od.popitem(last=False), dict(od))
dd = defaultdict(int); dd['a'] += 1; print(dd, dd['z'], len(dd)); dl = defaultdict(list); dl['x'].append(1); print(dict(dl))
print(Counter('aab'), Counter('aab').most_common(1), Counter('aab')['z'], sum(Counter([1, 1, 2]).values()))
dq = deque([1, 2, 3]); dq.append(4); dq.appendleft(0); print(dq.popleft(), list(dq), len(dq))
P = namedtuple('P', ['x', 'y'], defaults=[5]); q = P(1); print(q, q.x, q._asdict(), q._fields, q._replace(x=3), q == (1, 5), P._make([1, 2]), isinstance(q, tuple)); a, b = q; print(a, b)
print(re.match(r'(\d+)x(\d+)', '3x4').groups(), re.search('b', 'abc').start(), re.findall(r'\d+', 'a1b22'), re.sub(r'(\w)\.', r'\1_', 'a.b.'), re.split(r'[,;]', 'a,b;c'), re.compile('^a', re.I).match('Abc') is not None, re.match('x', 'y'), re.fullmatch('a+', 'aaa').group(), re.match(r'(?P<n>\w+)', 'hi').group('n'), re.match(r'(?P<n>\w+)', 'hi').groupdict(), re.sub('a', lambda m: m.group().upper(), 'banana', count=2), [m.span() for m in re.finditer('a', 'aba')], re.escape('a.b'), re.match(r'a(b)?', 'a').groups())
print(math.pi, math.sqrt(16), math.ceil(2.1), math.floor(-2.1), math.log2(8), math.log(100, 10), math.exp(0), math.prod([2, 3]), math.gcd(12, 18), math.inf, math.isclose(0.1 + 0.2, 0.3), math.trunc(2.7), math.fabs(-1), math.log10(1000), math.pow(2, 3), math.factorial(5), math.hypot(3, 4), math.isnan(math.nan), math.cos(0), math.comb(5, 2), math.isqrt(17), math.copysign(1, -2), math.fmod(7, 3), math.lcm(4, 6), math.modf(2.5), math.e, math.tau)
x = [[1], {'a': [2]}]; y = copy.deepcopy(x); z = copy.copy(x); x[0].append(9); print(x, y, z)
class Cp:
    def __init__(self): self.l = [1]
a = Cp(); b = copy.copy(a); e = copy.deepcopy(a); a.l.append(2); print(b.l, e.l)
def sig(a, b: int = 2, *args, c, d=4, **kw): "doc"
s = inspect.signature(sig); print(list(s.parameters), s.parameters['b'].default, s.parameters['a'].default is inspect.Parameter.empty, s.parameters['args'].kind == inspect.Parameter.VAR_POSITIONAL, sig.__doc__, sig.__defaults__, sig.__kwdefaults__, inspect.isfunction(sig), inspect.isclass(Cp))
print(operator.itemgetter(1)([5, 6]), operator.attrgetter('l')(e), operator.add(1, 2), sorted([(2, 1), (1, 2)], key=operator.itemgetter(1)))
class Color(Enum):
    RED = 1
    GREEN = auto()
    BLUE = 'b'
    ALIAS = 1
    @property
    def low(self): return self.name.lower()
    @classmethod
    def pick(cls): return cls.GREEN
print(Color.RED, Color.GREEN.value, Color('b'), Color['RED'], Color.ALIAS is Color.RED, [c.name for c in Color], Color.RED.low, Color.pick(), Color.RED in Color, len(Color), isinstance(Color.RED, Color), repr(Color.RED), {Color.RED: 1}[Color.RED], Color.RED == 1, Color.__members__['BLUE'].value, f'{Color.RED.name}')
try: Color(9)
except ValueError as ex: print(ex)
class Num(IntEnum):
    A = 1
    B = 2
print(Num.A + 1, Num.B > Num.A, Num.A == 1, [10, 20, 30][Num.B], Num(2).name)
class StrE(str, Enum):
    X = 'x'
print(StrE.X == 'x', StrE('x') is StrE.X, StrE.X.value, StrE.X.upper())
@dataclass
class Cfg:
    a: int
    b: str = 'x'
    c: list = field(default_factory=list)
    d: typing.Optional[int] = None
    e: typing.ClassVar[int] = 5
    def __post_init__(self): self.d = self.d or self.a * 2
c1 = Cfg(1); c2 = Cfg(1, c=[3]); c1.c.append(1)
print(c1, c2.c, asdict(c1), astuple(c1), replace(c1, a=5, d=None).d, c1 == Cfg(1, c=[1]), [f.name for f in fields(Cfg)], is_dataclass(c1), Cfg.e)
@dataclass(frozen=True, order=True)
class Fz:
    x: int = 0
    y: int = field(default=1, compare=False, repr=False)
print(Fz(1) < Fz(2), Fz(1))
try: Fz(1).x = 2
except dataclasses.FrozenInstanceError: print('frozen')
except AttributeError: print('frozen')
@dataclass
class Child(Cfg):
    f: float = 1.0
print(Child(1, f=2.0), Child.__mro__[1].__name__)
try: Cfg()
except TypeError as ex: print('missing')
@dataclass
class IV:
    n: int
    k: dataclasses.InitVar[int] = 2
    tot: int = field(init=False)
    def __post_init__(self, k): self.tot = self.n * k
print(IV(3), IV(3, k=5).tot)
class Ab(abc.ABC):
    @abc.abstractmethod
    def f(self): ...
    @property
    @abc.abstractmethod
    def g(self): ...
class Im(Ab):
    def f(self): return 1
    g = 2
print(Im().f(), Im().g)
@total_ordering
class To:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return self.v == o.v
    def __lt__(self, o): return self.v < o.v
print(To(1) <= To(1), To(2) > To(1), max([To(1), To(3)], key=lambda t: t.v).v, sorted([To(2), To(1)])[0].v)
class NT(typing.NamedTuple):
    a: int
    b: str = 'q'
    def s(self): return self.b * self.a
print(NT(2), NT(2).s(), NT(1, 'z')[1], NT(1)._replace(a=4))
T = typing.TypeVar('T')
class G(typing.Generic[T]):
    def get(self) -> T: return 1
class GI(G[int]): pass
print(GI().get(), typing.cast(int, 'a'), isinstance([], list))
ns = types.SimpleNamespace(a=1, b=2); print(ns.a)
print(sys.version_info >= (3, 8), sys.version_info[0])
warnings.warn('x') if False else None
log = logging.getLogger(__name__); log.info('hi %s', 1)
class Mapping(collections.abc.MutableMapping):
    def __init__(self): self.d = {}
    def __getitem__(self, k): return self.d[k]
    def __setitem__(self, k, v): self.d[k] = v
    def __delitem__(self, k): del self.d[k]
    def __iter__(self): return iter(self.d)
    def __len__(self): return len(self.d)
mm = Mapping(); mm['a'] = 1; mm.update(b=2); print(dict(mm), mm.get('z', 0), list(mm.items()), 'a' in mm, mm.pop('a'), len(mm), isinstance(mm, collections.abc.Mapping), isinstance({}, collections.abc.Mapping), isinstance([], collections.abc.Sequence), isinstance('a', collections.abc.Iterable), isinstance((), (collections.abc.Iterable,)))
class Miss(dict):
    def __missing__(self, k): return 'missing ' + k
    def __getattr__(self, k): return self[k]
    def __setattr__(self, k, v): self[k] = v
mi = Miss(a=1); mi.q = 5; print(mi['z'], mi.a, mi.q, mi)
class L2(list):
    def __init__(self, *a): super().__init__(a)
    def append(self, v): super().append(v * 2)
l2 = L2(1, 2); l2.append(3); print(l2, len(l2), l2[1:], isinstance(l2, list))
class I2(int):
    def __new__(cls, v): return super().__new__(cls, v * 2)
print(I2(4) + 1, isinstance(I2(1), int))
class S2(str):
    def shout(self): return self.upper() + '!'
print(S2('a').shout(), S2('ab') + 'c', len(S2('abc')), {S2('k'): 1}['k'])
print(issubclass(ConnectionResetError, OSError), issubclass(ImportWarning, Warning), issubclass(IndentationError, SyntaxError))
import inspect
def kept_arguments():
    frame = inspect.currentframe().f_back
    _, _, _, names = inspect.getargvalues(frame)
    return {k: v for k, v in names.items() if k != 'self'}
class Hyper:
    def __init__(self, a, b=2): self.kept = kept_arguments()
print(Hyper(1).kept, sorted(inspect.currentframe().f_globals)[-1] == sorted(globals())[-1])
