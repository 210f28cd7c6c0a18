import math, functools, itertools, copy, re, enum, inspect, sys
from collections import OrderedDict, namedtuple, defaultdict
from dataclasses import dataclass, field, replace
from typing import *
from functools import partial
print(1+2, 7//2, -7//2, -7%3, 2**10, 2**100, 1/3, 1e16, 1e-5, 10.0, 3 == 3.0)
print(round(2.5), round(3.5), round(0.5), int(-2.7), round(2.675, 2), 5 % -3, divmod(-7, 2))
class A:
    x = [1]
    def __init__(self, v=3): self.v = v
    def hi(self): return f'A{self.v:03d}|{self.v!r:>5}|{math.pi:.3f}'
    @property
    def twice(self): return self.v*2
    @staticmethod
    def st(a): return a+1
    @classmethod
    def make(cls, v): return cls(v)
class B(A):
    def hi(self): return 'B' + super().hi()
    def __getattr__(self, n):
        if n == 'magic': return 42
        raise AttributeError(n)
class C(B, A): pass
print(C(5).hi(), B.make(7).twice, A.st(3), C().magic, hasattr(C(), 'nope'), [c.__name__ for c in C.__mro__])
def f(a, b=2, *args, c, d=4, **kw): return (a,b,args,c,d,kw)
print(f(1, c=3), f(1,2,3,4,c=5,e=6), f(*[1,2], **{'c': 9}))
print([x*y for x in range(3) for y in range(3) if x != y], {k: v for k, v in zip('abc', range(3))}, {1,2,2})
def gen(n):
    for i in range(n):
        yield i*i
    yield from [100, 200]
print(list(gen(4)), sum(gen(3)), dict(a=1, b=2), sorted([3,1,2], reverse=True), max([1,5,2], key=lambda v: -v))
@dataclass
class Cfg:
    a: int
    b: float = 1.5
    c: list = field(default_factory=list)
    def area(self): return self.a*self.b
c = Cfg(2); d = replace(c, b=3.0); c.c.append(1)
print(c, d, c.area(), c == Cfg(2, 1.5, [1]))
class Color(enum.Enum):
    RED = 1
    GREEN = 2
print(Color.RED.name, Color(2), Color['GREEN'].value, list(Color), Color.RED is Color.RED, Color.RED == Color.GREEN)
P = namedtuple('P', 'x y'); p = P(1, y=2); print(p.x, p, p._replace(x=5), len(p))
class NT(NamedTuple):
    a: int
    b: int = 5
print(NT(1).b, NT(1) == (1,5))
def deco(fn):
    @functools.wraps(fn)
    def inner(*a, **k):
        return fn(*a, **k) + 1
    return inner
@deco
def g(x, y=1): return x + y
print(g(3), g.__name__, list(inspect.signature(g).parameters))
try:
    raise ValueError('bad %d' % 3)
except (KeyError, ValueError) as e:
    print('caught', e, type(e).__name__)
finally:
    print('fin')
a, *b, c = [1,2,3,4]; print(a,b,c)
x = [1,2,3,4,5]; print(x[1:3], x[::-1], x[-2:], 'hello'[1:3])
x[1:2] = [9,9]; print(x); del x[0]; print(x)
print(OrderedDict([('a',1)]), defaultdict(list)['k'], partial(f, 1, c=2)(5), (lambda *a: a)(1,2))
print('a,b'.split(','), '-'.join(['x','y']), 'abc'.replace('b','z'), '{}-{k:>4}'.format(1, k='v'), '%s %05.2f' % ('q', 3.14159))
m = re.match(r'([a-z]+)(\d+)_e([\d.]+)', 'ir12_e1.5'); print(m.groups(), m.group(1), re.split(r'(\d.*)', 'k3'), re.sub(r'\d', 'N', 'a1b2'))
n = 0
while True:
    n += 1
    if n > 5: break
else:
    print('no')
print(n, 3 in [1,2,3], 'k' not in {'k':1}, None is None, not 0 and 1, 1 < 2 < 3, 1 if n else 2)
def outer():
    k = 0
    def inc():
        nonlocal k
        k += 1
        return k
    inc(); inc()
    return k
print(outer(), list(map(str, [1,2])), list(filter(None, [0,1,2])), any([0,1]), all([]), list(reversed([1,2])), list(enumerate('ab', 1)))
q = copy.deepcopy({'a': [1,2]}); q['a'].append(3); print(q)
print(isinstance(True, int), isinstance(3, (str, int)), issubclass(C, A), type(3) is int, callable(f))
match (1, 'x'):
    case (int(), 'y'): print('no')
    case (1, v): print('m', v)
with open('x') as fh: pass
print(getattr(c, 'zz', 'dflt'), list(itertools.chain([1],[2])), list(itertools.accumulate([1,2,3])), math.ceil(2.1), math.prod([2,3]))
class Meta(type):
    def __call__(cls, *a, **k):
        o = super().__call__(*a, **k); o.meta = True; return o
class M(metaclass=Meta):
    def __init__(self): self.z = 1
print(M().meta, M().z)
class L(list):
    def total(self): return sum(self)
print(L([1,2,3]).total(), str(L([1])), len(L()))
class D(dict):
    def __init__(self, **k): super().__init__(**k); self.__dict__ = self if False else {}
print(D(a=1)['a'], 10**20//3, hash(3)==hash(3.0), {1:'a', 1.0:'b', True:'c'})
print(f"{'a' if n else 'b'}{n=}{3.0!s}{1e10}{1234567.891:,.2f}{0.5:.0%}")
